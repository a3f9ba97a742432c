/** Where locks and history are kept, and where locks are if that cannot be written. */
import { homedir, userInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import {
  resolveSettings,
  stateDirectoryOf,
  type Environment,
} from '../../../../src/cli/options/resolve-settings.ts';
import { commandLineOf } from '../../../support/command-line.ts';
import { PATIENT } from '../../../support/patience.ts';

describe('the state directory', () => {
  test.each<[string, Environment, string]>([
    ['XDG', { variables: { XDG_STATE_HOME: '/x', HOME: '/h' }, uid: 0 }, '/x/efs-sync'],
    ['relative XDG', { variables: { XDG_STATE_HOME: 'x', HOME: '/h' }, uid: 0 }, '/var/lib/efs-sync'],
    ['root', { variables: { HOME: '/root' }, uid: 0 }, '/var/lib/efs-sync'],
    ['another user', { variables: { HOME: '/h' }, uid: 1000 }, '/h/.local/state/efs-sync'],
    [
      'a relative HOME',
      { variables: { HOME: 'h' }, uid: 1000 },
      `${userInfo().homedir}/.local/state/efs-sync`,
    ],
    ['without HOME', { variables: {}, uid: 1000 }, `${homedir()}/.local/state/efs-sync`],
  ])('%s', (_, environment, directory) => {
    expect(stateDirectoryOf(environment)).toBe(directory);
  });

  test.each<[string, string[], Environment['variables'], string]>([
    ['of the session', [], { XDG_RUNTIME_DIR: '/run/user/7' }, '/run/user/7/efs-sync'],
    ['without a session', [], {}, '/tmp/efs-sync-7'],
    ['of a session with a relative name', [], { XDG_RUNTIME_DIR: 'run' }, '/tmp/efs-sync-7'],
    ['none where one is given', ['--state-dir=/s'], {}, ''],
    ['none where XDG names one', [], { XDG_STATE_HOME: '/x', XDG_RUNTIME_DIR: '/run/user/7' }, ''],
  ])('its fallback: %s', async (_, args, variables, directory) => {
    const settings = await resolveSettings(commandLineOf('a', 'b', ...args), { variables, uid: 7 }, PATIENT);
    expect(settings.fallbackStateDirectory).toBe(directory);
  });
});
