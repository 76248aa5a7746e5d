// All commands of `oci-wif`, in the order of the documentation.
import { command as audit } from '../cli/audit/command.ts';
import type { Command } from '../cli/command.ts';
import { command as doctor } from '../cli/doctor/command.ts';
import { command as exec } from '../cli/exec/command.ts';
import { command as login } from '../cli/login/command.ts';
import { command as logout } from '../cli/logout/command.ts';
import { command as remove } from '../cli/remove/command.ts';
import { command as setup } from '../cli/setup/command.ts';
import { command as token } from '../cli/token/command.ts';

export const COMMANDS = [
  setup,
  audit,
  remove,
  exec,
  login,
  logout,
  token,
  doctor,
] as unknown as readonly Command[];
