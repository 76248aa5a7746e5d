// `login`, later steps in shells of their own, and `logout`, in a job of each CI system.
import { spawn } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { CI_SYSTEMS } from '../../../emulator/machines/machine.ts';
import { untilEnd } from '../../../emulator/runner/ended.ts';
import { processesWith } from '../../../emulator/runner/processes.ts';
import { describeWithShell } from '../../unit/systems-with.ts';
import { namespaceCommand, startJourney } from '../journeys/journey.ts';

describeWithShell('login', () => {
  it.each(CI_SYSTEMS)(
    'in a job of %s sets the variables of later shells, and logout leaves nothing',
    async (system) => {
      const { emulator, machine, run, files } = await startJourney(system);
      const before = files();
      const options = ['--format', 'sh', '--refresh', 'true', ...machine.sourceArguments];
      const { exitCode, stdout, stderr } = await run(['login', ...options]);
      expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
      const renewals = () => processesWith('HOME', machine.home);
      expect(renewals()).toHaveLength(process.platform === 'linux' ? 1 : 0);
      const step = spawn('sh', ['-c', `${stdout}\nexec "$@"`, 'sh', ...namespaceCommand(emulator)], {
        env: machine.env(),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      expect(JSON.parse((await untilEnd(step)).stdout)).toMatchObject({
        status: '200 OK',
        data: 'acmenamespace',
      });
      const logout = await run(['logout']);
      expect([logout.exitCode, logout.stderr]).toEqual([0, '']);
      expect([files(), renewals(), machine.processes()]).toEqual([before, [], []]);
    },
  );
});
