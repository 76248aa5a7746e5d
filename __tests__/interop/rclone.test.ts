// rclone, a Go tool that reads profiles with the SDK's plain provider.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { installed } from './install.ts';
import { loggedIn, stdoutOf } from './login.ts';
import { rowsOf } from './matrix.ts';
import { stepIn } from './step.ts';

const row = rowsOf('rclone');

row(
  {
    access: 'session profile',
    remark: 'provider `user_principal_auth`: bucket, 5 MB uploaded and downloaded, list, all deleted',
  },
  async () => {
    const { emulator, job } = await loggedIn({ profile: 'CI' });
    const { namespace } = emulator.world.settings;
    const step = stepIn(job, {
      SSL_CERT_FILE: emulator.caFile,
      RCLONE_CONFIG_CLOUD_TYPE: 'oracleobjectstorage',
      RCLONE_CONFIG_CLOUD_PROVIDER: 'user_principal_auth',
      RCLONE_CONFIG_CLOUD_NAMESPACE: namespace,
      RCLONE_CONFIG_CLOUD_COMPARTMENT: emulator.inputs.tenancy,
      RCLONE_CONFIG_CLOUD_REGION: emulator.inputs.region,
      RCLONE_CONFIG_CLOUD_ENDPOINT: emulator.urls.oci,
      RCLONE_CONFIG_CLOUD_CONFIG_FILE: path.join(job.home, '.oci/config'),
      RCLONE_CONFIG_CLOUD_CONFIG_PROFILE: 'CI',
    });
    const rclone = async (args: string) =>
      stdoutOf(await step(installed('rclone', 'rclone'), args.split(' ')));
    writeFileSync(path.join(job.workspace, 'five'), randomBytes(5_000_000));
    await rclone('mkdir cloud:made-here');
    await rclone('copyto five cloud:made-here/a/five');
    expect(await rclone('lsf -R --files-only cloud:made-here')).toBe('a/five\n');
    await rclone('copyto cloud:made-here/a/five back');
    const [sent, back] = ['five', 'back'].map((name) => readFileSync(path.join(job.workspace, name)));
    expect(back?.equals(sent ?? Buffer.alloc(0))).toBe(true);
    await rclone('deletefile cloud:made-here/a/five');
    await rclone('rmdir cloud:made-here');
    expect(emulator.world.buckets.size).toBe(0);
  },
);
