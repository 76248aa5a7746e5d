// The clients, and how each is installed from its own registry in the pinned version.
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface Command {
  file: string;
  args: readonly string[];
  env?: Record<string, string>;
}

export interface Client {
  /** Folder below `.interop/`. */
  name: string;
  /** When this text changes, the client is installed again. */
  pins: string;
  /** Commands that fill the folder, which is empty. */
  commands(folder: string): readonly Command[];
  /** What the machine must have. */
  needs: string;
}

const pinsOf = (name: string) => readFileSync(path.join(import.meta.dirname, 'pins', `${name}.txt`), 'utf8');

/** Only pinned wheels: no code runs during the installation, and no resolver chooses versions. */
function fromPyPi(name: string): Client {
  const pins = path.join(import.meta.dirname, 'pins', `${name}.txt`);
  return {
    name,
    pins: pinsOf(name),
    needs: 'Python 3.11 or later with venv (Debian, Ubuntu: apt-get install python3-venv)',
    commands(folder) {
      const python = path.join(folder, 'bin/python');
      const pip = ['-m', 'pip', '--disable-pip-version-check', '--quiet'];
      const exactly = ['--no-deps', '--only-binary', ':all:', '--no-compile', '-r', pins];
      return [
        { file: 'python3', args: ['-m', 'venv', folder] },
        { file: python, args: [...pip, 'install', ...exactly] },
        { file: python, args: [...pip, 'check'] },
      ];
    },
  };
}

/** Sources that are compiled here. When one changes, all are compiled again. */
const sourcesOf = (name: string, files: readonly string[]) =>
  files.map((file) => readFileSync(path.join(import.meta.dirname, name, file), 'utf8')).join('\n');

/** Outside the folder, so that a changed program needs no new download. */
function goCaches(folder: string): Record<string, string> {
  const cache = (kind: string) => path.join(folder, '..', `go-${kind}`);
  return { GOMODCACHE: cache('modules'), GOCACHE: cache('build') };
}

/** go.sum pins the content of each module. */
function fromGoModules(name: string, files: readonly string[], forWindows = false): Client {
  const directory = path.join(import.meta.dirname, name);
  const system = forWindows ? { GOOS: 'windows', GOARCH: 'amd64', CGO_ENABLED: '0' } : {};
  return {
    name: forWindows ? `${name}-windows` : name,
    pins: sourcesOf(name, ['go.mod', 'go.sum', ...files]),
    needs: 'Go 1.26 or later',
    commands(folder) {
      const flags = ['-C', directory, '-mod=readonly', '-modcacherw'];
      const args = ['build', ...flags, '-o', path.join(folder, forWindows ? `${name}.exe` : name)];
      return [{ file: 'go', args, env: { ...goCaches(folder), ...system } }];
    },
  };
}

/** A program of other modules, at the versions of a go.mod here: `go install` would not apply its replacements. */
function goTool(name: string, program: string): Client {
  const directory = path.join(import.meta.dirname, name);
  return {
    name,
    pins: sourcesOf(name, ['go.mod', 'go.sum']),
    needs: 'Go 1.26 or later',
    commands(folder) {
      const flags = ['-C', directory, '-mod=readonly', '-modcacherw', '-ldflags=-s -w'];
      const args = ['build', ...flags, '-o', path.join(folder, path.basename(program)), program];
      return [{ file: 'go', args, env: goCaches(folder) }];
    },
  };
}

/** A published program. Go's checksum database verifies its content. */
function goProgram(name: string): Client {
  const pins = pinsOf(name);
  return {
    name,
    pins,
    needs: 'Go 1.26 or later',
    commands(folder) {
      const env = { ...goCaches(folder), GOBIN: folder };
      return [{ file: 'go', args: ['install', '-modcacherw', pins.trim()], env }];
    },
  };
}

/** Packages of Debian 12 with their digests, unpacked: none is installed in the system. */
function fromDebian(): Client {
  const pins = path.join(import.meta.dirname, 'pins/debian.txt');
  const unpack = [
    'cd "$0"',
    'while read -r _ url; do curl --fail --silent --show-error --location --remote-name "$url"; done <"$1"',
    'sed \'s# .*/#  #\' "$1" | sha256sum --check --quiet',
    'for file in *.deb; do dpkg-deb -x "$file" .; done',
  ];
  return {
    name: 'debian',
    pins: pinsOf('debian'),
    needs: 'Linux on x64, with curl and dpkg (Debian, Ubuntu)',
    commands: (folder) => [{ file: 'sh', args: ['-euc', unpack.join('\n'), folder, pins] }],
  };
}

function fromMavenCentral(): Client {
  const directory = path.join(import.meta.dirname, 'java');
  return {
    name: 'java',
    pins: sourcesOf('java', ['pom.xml', 'Interop.java']),
    needs: 'Maven and a JDK, 17 or later (Debian, Ubuntu: apt-get install maven openjdk-17-jdk-headless)',
    commands(folder) {
      const [repository, lib] = [path.join(folder, '../maven'), path.join(folder, 'lib')];
      const quiet = ['--batch-mode', '--quiet', '--no-transfer-progress'];
      const where = [`-Dmaven.repo.local=${repository}`, `-DoutputDirectory=${lib}`];
      const compile = ['-cp', path.join(lib, '*'), '-d', path.join(folder, 'classes')];
      return [
        { file: 'mvn', args: [...quiet, '-f', directory, ...where, 'dependency:copy-dependencies'] },
        { file: 'javac', args: [...compile, path.join(directory, 'Interop.java')] },
      ];
    },
  };
}

/** No code runs during the installation. The lock file pins the content of each package. */
function fromNpm(name: string, flags: readonly string[] = []): Client {
  const files = ['package.json', 'package-lock.json'].map((file) =>
    path.join(import.meta.dirname, 'pins', name, file),
  );
  return {
    name,
    pins: files.map((file) => readFileSync(file, 'utf8')).join('\n'),
    needs: 'npm',
    commands: (folder) => [
      { file: 'cp', args: [...files, folder] },
      {
        file: 'npm',
        args: ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', ...flags],
      },
    ],
  };
}

const GO_SOURCES = ['main.go', 'objects.go', 'providers.go'];

export const CLIENTS: readonly Client[] = [
  fromPyPi('oci'),
  fromPyPi('aws'),
  fromGoModules('go', GO_SOURCES),
  fromGoModules('rclone', ['main.go']),
  fromGoModules('hcl', ['main.go']),
  fromMavenCentral(),
  goProgram('act'),
  goProgram('actionlint'),
  goProgram('crane'),
  goProgram('registry'),
  fromGoModules('docker', ['main.go']),
  fromDebian(),
  fromNpm('languageservice'),
];

/** Programs of Windows, for `npm run windows`. */
export const WINDOWS_CLIENTS: readonly Client[] = [
  fromNpm('windows', ['--force']),
  fromGoModules('go', GO_SOURCES, true),
];

/** For `npm run kubernetes`. */
export const KUBERNETES_CLIENTS: readonly Client[] = [
  goProgram('registry'),
  goProgram('helm'),
  fromGoModules('kubectl', ['main.go']),
];

/** For `npm run opentofu`. */
export const OPENTOFU = goTool('opentofu', 'github.com/opentofu/opentofu/cmd/tofu');

/** Versions by the names of the matrix. */
export const VERSIONS = {
  actionlint: pinnedIn('pins/actionlint.txt', /@v(\S+)/),
  '@actions/languageservice': pinnedIn(
    'pins/languageservice/package.json',
    /"@actions\/languageservice": "(.+)"/,
  ),
  act: pinnedIn('pins/act.txt', /@v(\S+)/),
  'OCI CLI': pinnedInPyPi('oci', 'oci-cli'),
  'OCI SDK for Python': pinnedInPyPi('oci', 'oci'),
  'OCI SDK for Go': pinnedIn('go/go.mod', /oci-go-sdk\/v65 v(\S+)/),
  'OCI SDK for Java': pinnedIn('java/pom.xml', /<oci\.version>(.+)<\/oci\.version>/),
  'OCI SDK for TypeScript': pinnedInNpm('oci-common'),
  'AWS CLI': pinnedInPyPi('aws', 'awscli'),
  rclone: pinnedIn('rclone/go.mod', /rclone\/rclone v(\S+)/),
  kubectl: pinnedIn('kubectl/go.mod', /k8s\.io\/kubectl v0\.(\S+)/, '1.'),
  'Docker CLI': pinnedIn('docker/go.mod', /docker\/cli v([\d.]+)/),
  crane: pinnedIn('pins/crane.txt', /@v(\S+)/),
  Helm: pinnedIn('pins/helm.txt', /@v(\S+)/),
  skopeo: pinnedIn('pins/debian.txt', /skopeo_([\d.]+)/),
  boto3: pinnedInPyPi('aws', 'boto3'),
  'AWS SDK for JavaScript': pinnedInNpm('@aws-sdk/client-s3'),
} as const;

/** The script whose tests are the rows of a client; `interop` for those that are not here. */
export const SCRIPTS: Readonly<Record<string, string>> = { kubectl: 'kubernetes', Helm: 'kubernetes' };

function pinnedInPyPi(name: string, packageName: string): string {
  return pinnedIn(`pins/${name}.txt`, new RegExp(`^${packageName}==(\\S+)$`, 'm'));
}

function pinnedIn(file: string, pattern: RegExp, prefix = ''): string {
  const [, version] = pattern.exec(readFileSync(path.join(import.meta.dirname, file), 'utf8')) ?? [];
  if (version === undefined) throw new Error(`${pattern} is not in interop/${file}`);
  return `${prefix}${version}`;
}

/** Installed by `npm ci`. */
function pinnedInNpm(packageName: string): string {
  const file = path.join(import.meta.dirname, '../../package.json');
  const { devDependencies } = JSON.parse(readFileSync(file, 'utf8'));
  const version: unknown = devDependencies[packageName];
  if (typeof version !== 'string') throw new Error(`${packageName} is not among the devDependencies`);
  return version;
}
