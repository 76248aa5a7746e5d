import { describe, expect, it } from '@jest/globals';
import { findProgram, type ProgramSystem } from '../../../cli/exec/program.ts';

/** Files of a machine; those that end in `-` may not be executed. */
function machine(platform: NodeJS.Platform, files: readonly string[]): ProgramSystem {
  return {
    platform,
    look(file) {
      if (files.includes(`${file}-`)) return 'not executable';
      return files.includes(file) ? 'executable' : 'absent';
    },
  };
}

const WINDOWS = {
  Path: 'C:\\bin;D:\\tools',
  PathExt: '.EXE;.CMD',
  ComSpec: 'C:\\windows\\system32\\cmd.exe',
};

describe('the program of a command', () => {
  const system = machine('linux', ['/a/oci-', '/b/oci', './tool', '/b/node', './b/oci-']);

  it.each([
    ['is the first executable file in PATH', 'oci', '/a:/b', '/b/oci'],
    ['is in the working directory for an empty entry of PATH', 'tool', '/a:', './tool'],
    ['is not looked up in PATH when it has a slash', './tool', '/a', './tool'],
  ])('%s', (_title, name, PATH, file) => {
    const program = findProgram([name, '-x'], { PATH }, system);
    expect(program).toEqual({ file, args: ['-x'], argv0: name, isVerbatim: false });
  });

  it.each([
    ['missing', ['none'], 'COMMAND_NOT_FOUND', 127],
    ['missing at its path', ['./none'], 'COMMAND_NOT_FOUND', 127],
    ['empty', [''], 'COMMAND_NOT_FOUND', 127],
    ['in PATH, but not executable', ['oci'], 'COMMAND_NOT_EXECUTABLE', 126],
    ['not executable at its path', ['./b/oci'], 'COMMAND_NOT_EXECUTABLE', 126],
  ])('that is %s is refused', (_title, command, code, exitCode) => {
    const find = () => findProgram(command, { PATH: '/a' }, system);
    expect(find).toThrow(expect.objectContaining({ code, details: { exitCode } }));
  });
});

describe('on Windows, the program of a command', () => {
  const files = ['D:\\tools\\oci.EXE', 'C:\\bin\\npm.CMD', 'C:\\bin\\npm', 'C:\\bin\\app.v2.EXE', 'x.EXE'];
  const system = machine('win32', files);

  it.each([
    ['is found by the endings of PATHEXT', 'oci', 'D:\\tools\\oci.EXE'],
    ['keeps an ending of PATHEXT', 'oci.EXE', 'D:\\tools\\oci.EXE'],
    ['may have a dot in its name', 'app.v2', 'C:\\bin\\app.v2.EXE'],
    ['may be a path', '.\\x', 'x.EXE'],
  ])('%s', (_title, name, file) => {
    expect(findProgram([name], WINDOWS, system)).toMatchObject({ file, isVerbatim: false });
  });

  it('is refused when its name has no ending of PATHEXT', () => {
    const find = () => findProgram(['C:\\bin\\script.sh'], WINDOWS, machine('win32', ['C:\\bin\\script.sh']));
    expect(find).toThrow(expect.objectContaining({ code: 'COMMAND_NOT_EXECUTABLE' }));
  });

  it('is not looked up in the working directory', () => {
    expect(() => findProgram(['x'], WINDOWS, system)).toThrow('is not in PATH');
  });
});

describe('a batch file', () => {
  const system = machine('win32', ['C:\\bin\\npm.CMD', 'C:\\100%\\a b.cmd']);
  const lineOf = (...command: string[]) => findProgram(command, WINDOWS, system).args.at(-1);

  it('is started by cmd.exe', () => {
    expect(findProgram(['npm', 'ci'], WINDOWS, system)).toEqual({
      file: 'C:\\windows\\system32\\cmd.exe',
      args: ['/e:ON', '/v:OFF', '/d', '/s', '/c', '""C:\\bin\\npm.CMD" "ci""'],
      argv0: 'C:\\windows\\system32\\cmd.exe',
      isVerbatim: true,
    });
  });

  it.each([
    ['a & b | c > d', '"a & b | c > d"'],
    ['^(x)', '"^(x)"'],
    ['say "no"', '"say ""no"""'],
    ['C:\\dir\\', '"C:\\dir\\\\"'],
    ['a\\"b', '"a\\\\""b"'],
    ['%PATH%', '"%%cd:~,%PATH%%cd:~,%"'],
    ['', '""'],
  ])('gets %j as one argument that is no command', (argument, quoted) => {
    expect(lineOf('npm', argument)).toBe(`""C:\\bin\\npm.CMD" ${quoted}"`);
  });

  it('with % and spaces in its path is quoted, too', () => {
    expect(lineOf('C:\\100%\\a b.cmd')).toBe('""C:\\100%%cd:~,%\\a b.cmd""');
  });

  it('gets no argument with a line break', () => {
    const find = () => findProgram(['npm', 'a\r\nwhoami'], WINDOWS, system);
    expect(find).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});
