import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A program that telemetry is sent to, at the version for which results are recorded. */
export interface Program {
  readonly name:
    | 'prometheus'
    | 'victoria-metrics'
    | 'otelcol'
    | 'otelcol-fleet'
    | 'otelcol-front'
    | 'kafka'
    | 'jaeger'
    | 'phoenix'
    | 'mlflow';
  readonly title: string;
  readonly version: string;
  /** The environment variable that names its file; Kafka's names its folder. */
  readonly variable: string;
  /** What it is built with. @defaultValue Go */
  readonly builder?: Builder;
  /** Builds it, into `file`. */
  readonly build: (file: string) => Promise<void>;
}

/** A tool that programs are built with, and the command that says whether it is there. */
interface Builder {
  readonly title: string;
  readonly command: readonly [program: string, ...args: readonly string[]];
}

const GO: Builder = { title: 'Go', command: ['go', 'version'] };
const PYTHON: Builder = { title: 'Python', command: [process.env.PYTHON ?? 'python3', '-m', 'venv', '--help'] };

const MAVEN: Builder = { title: 'Maven', command: ['mvn', '--version'] };

const CORE = 'go.opentelemetry.io/collector';
const CONTRIB = 'github.com/open-telemetry/opentelemetry-collector-contrib';

/** The modules of a Collector and their versions; a distribution has more. */
interface CollectorParts {
  readonly core: string;
  readonly contrib: string;
  /** The version of the stable modules. */
  readonly stable: string;
  readonly modules: Readonly<Record<string, readonly string[]>>;
}

const FILE_STORAGE = `${CONTRIB}/extension/storage/filestorage`;
const HEALTH_CHECK = `${CONTRIB}/extension/healthcheckextension`;
const OTLP_EXPORTERS = [`${CORE}/exporter/otlpexporter`, `${CORE}/exporter/otlphttpexporter`];

/** The Collector that stands in front of Prometheus. */
const metricsCollector: CollectorParts = {
  core: 'v0.165.0',
  contrib: 'v0.165.0',
  stable: 'v1.71.0',
  modules: {
    receivers: [`${CORE}/receiver/otlpreceiver`],
    processors: [`${CORE}/processor/batchprocessor`, `${CONTRIB}/processor/deltatocumulativeprocessor`],
    exporters: [...OTLP_EXPORTERS, `${CONTRIB}/exporter/prometheusexporter`],
    extensions: [HEALTH_CHECK],
  },
};

/** For deploy/: the newest version whose tail sampling can be built from what the module proxy has. */
const fleetCollector: CollectorParts = {
  core: 'v0.140.0',
  contrib: 'v0.140.1',
  stable: 'v1.46.0',
  modules: {
    receivers: [`${CORE}/receiver/otlpreceiver`, `${CONTRIB}/receiver/kafkareceiver`],
    processors: [
      `${CORE}/processor/batchprocessor`,
      `${CORE}/processor/memorylimiterprocessor`,
      `${CONTRIB}/processor/tailsamplingprocessor`,
    ],
    exporters: [`${CORE}/exporter/debugexporter`, ...OTLP_EXPORTERS, `${CONTRIB}/exporter/kafkaexporter`],
    extensions: [HEALTH_CHECK, FILE_STORAGE],
  },
};

/** For deploy/ too: a version whose load-balancing exporter the module proxy has, with a checksum that is known. */
const frontCollector: CollectorParts = {
  core: 'v0.150.0',
  contrib: 'v0.150.0',
  stable: 'v1.56.0',
  modules: {
    receivers: [`${CORE}/receiver/otlpreceiver`],
    processors: [`${CORE}/processor/memorylimiterprocessor`],
    exporters: [`${CORE}/exporter/otlphttpexporter`, `${CONTRIB}/exporter/loadbalancingexporter`],
    extensions: [HEALTH_CHECK],
  },
};

/** What the tests of back ends run, each pinned. */
export const programs: Readonly<
  Record<
    | 'prometheus'
    | 'victoriaMetrics'
    | 'collector'
    | 'fleetCollector'
    | 'frontCollector'
    | 'kafka'
    | 'jaeger'
    | 'phoenix'
    | 'mlflow',
    Program
  >
> = {
  prometheus: {
    name: 'prometheus',
    title: 'Prometheus',
    version: 'v0.316.0',
    variable: 'PROMETHEUS_BIN',
    build: (file) => goInstall('github.com/prometheus/prometheus/cmd/prometheus@v0.316.0', file),
  },
  victoriaMetrics: {
    name: 'victoria-metrics',
    title: 'VictoriaMetrics',
    version: 'v1.151.0',
    variable: 'VICTORIA_METRICS_BIN',
    build: (file) => goInstall('github.com/VictoriaMetrics/VictoriaMetrics/app/victoria-metrics@v1.151.0', file),
  },
  collector: {
    name: 'otelcol',
    title: 'OpenTelemetry Collector',
    version: metricsCollector.core,
    variable: 'OTELCOL_BIN',
    build: (file) => buildCollector(file, metricsCollector),
  },
  fleetCollector: {
    name: 'otelcol-fleet',
    title: 'OpenTelemetry Collector with tail sampling',
    version: fleetCollector.core,
    variable: 'OTELCOL_FLEET_BIN',
    build: (file) => buildCollector(file, fleetCollector),
  },
  frontCollector: {
    name: 'otelcol-front',
    title: 'OpenTelemetry Collector with load balancing',
    version: frontCollector.core,
    variable: 'OTELCOL_FRONT_BIN',
    build: (file) => buildCollector(file, frontCollector),
  },
  jaeger: {
    name: 'jaeger',
    title: 'Jaeger',
    version: 'v1.76.0',
    variable: 'JAEGER_BIN',
    build: buildJaeger,
  },
  kafka: {
    name: 'kafka',
    title: 'Kafka',
    version: '3.9.2',
    variable: 'KAFKA_HOME',
    builder: MAVEN,
    build: buildKafka,
  },
  phoenix: {
    name: 'phoenix',
    title: 'Phoenix',
    version: '20.26.1',
    variable: 'PHOENIX_BIN',
    builder: PYTHON,
    build: (file) => pipInstall('arize-phoenix==20.26.1', file, 'phoenix'),
  },
  mlflow: {
    name: 'mlflow',
    title: 'MLflow',
    version: '3.17.2',
    variable: 'MLFLOW_BIN',
    builder: PYTHON,
    build: (file) => pipInstall('mlflow==3.17.2', file, 'mlflow'),
  },
};

/** Where built programs are kept. */
export function programFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const cache = env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache');
  return path.join(cache, 'codex-otel', 'backends');
}

/** The file of a program: the one that its variable names, one on the path, or one that was built before. */
export function findProgram(
  program: Program,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const named = env[program.variable];
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined;
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return [...folders.map((folder) => path.join(folder, program.name)), builtFile(program, env)].find((file) =>
    existsSync(file),
  );
}

/**
 * Finds a program, or builds it where its builder is. @returns nothing if it cannot be found or built; `say` gets the
 * reason.
 */
export async function obtainProgram(program: Program, say: (line: string) => void): Promise<string | undefined> {
  const found = findProgram(program);
  if (found !== undefined) return found;
  const { title, version, variable, builder = GO } = program;
  const [tool, ...args] = builder.command;
  try {
    await run(tool, args);
  } catch {
    say(`${title} is missing and there is no ${builder.title} to build ${version} with; name its file in ${variable}`);
    return undefined;
  }
  const file = builtFile(program, process.env);
  say(`building ${title} ${version} with ${builder.title}, once, into ${path.dirname(file)}`);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await program.build(file);
    return file;
  } catch (error) {
    say(`${title} ${version} could not be built; name its file in ${variable}: ${lastLineOf(error)}`);
    return undefined;
  }
}

function builtFile(program: Program, env: Readonly<Record<string, string | undefined>>): string {
  return path.join(programFolder(env), `${program.name}-${program.version}`);
}

async function goInstall(module: string, file: string): Promise<void> {
  const folder = `${file}.build`;
  await go(['install', module], { GOBIN: folder });
  await cp(path.join(folder, path.basename(module.replace(/@.*$/, ''))), file);
  await rm(folder, { recursive: true, force: true });
}

/** Into an environment of its own, beside `file`. */
async function pipInstall(requirement: string, file: string, command: string): Promise<void> {
  const folder = `${file}.environment`;
  const [python] = PYTHON.command;
  await run(python, ['-m', 'venv', folder]);
  await run(path.join(folder, 'bin', 'pip'), ['install', '--quiet', requirement], { maxBuffer: 64 * 2 ** 20 });
  await symlink(path.join(folder, 'bin', command), file);
}

/** Its libraries and those that they need, as a distribution has them. */
async function buildKafka(folder: string): Promise<void> {
  const dependency = (group: string, artifact: string, version: string) =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  const project = [
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>',
    '<groupId>codex-otel</groupId><artifactId>kafka</artifactId><version>1</version><dependencies>',
    dependency('org.apache.kafka', 'kafka_2.13', '3.9.2'),
    dependency('org.slf4j', 'slf4j-simple', '1.7.36'),
    '</dependencies></project>',
  ];
  const unfinished = `${folder}.build`;
  await mkdir(unfinished, { recursive: true });
  await writeFile(path.join(unfinished, 'pom.xml'), project.join('\n'));
  const args = ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=libs'];
  await run('mvn', args, { cwd: unfinished, maxBuffer: 64 * 2 ** 20 });
  await rename(unfinished, folder);
}

/** Without `go mod tidy`, which asks for modules that only the tests of others need. */
async function buildCollector(file: string, { core, contrib, stable, modules }: CollectorParts): Promise<void> {
  const folder = `${file}.build`;
  const source = path.join(folder, 'otelcol');
  await mkdir(source, { recursive: true });
  await go(['install', `${CORE}/cmd/builder@${core}`], { GOBIN: folder });
  // The sources that a configuration may come from. Others are not needed, and not all of them can be downloaded.
  const providers = ['env', 'file', 'yaml'].map((name) => `${CORE}/confmap/provider/${name}provider ${stable}`);
  const versioned = (module: string) => `${module} ${module.startsWith(CORE) ? core : contrib}`;
  const manifest = [
    `dist: { name: otelcol, output_path: ${JSON.stringify(source)}, version: ${core.slice(1)} }`,
    ...Object.entries(modules).flatMap(([kind, members]) => [
      `${kind}:`,
      ...members.map((module) => `  - gomod: ${versioned(module)}`),
    ]),
    'providers:',
    ...providers.map((provider) => `  - gomod: ${provider}`),
  ];
  const manifestFile = path.join(folder, 'builder.yaml');
  await writeFile(manifestFile, `${manifest.join('\n')}\n`);
  await run(path.join(folder, 'builder'), ['--skip-get-modules', '--skip-compilation', '--config', manifestFile]);
  const needed = [
    ...Object.values(modules).flat().map(versioned),
    ...providers,
    `${CORE}/otelcol ${core}`,
    `${CORE}/component ${stable}`,
    `${CORE}/confmap ${stable}`,
  ];
  const goMod = ['module go.opentelemetry.io/collector/cmd/builder', 'go 1.25.0', `require (\n${needed.join('\n')}\n)`];
  await writeFile(path.join(source, 'go.mod'), `${goMod.join('\n')}\n`);
  await go(['build', '-mod=mod', '-buildvcs=false', '-o', file, '.'], {}, source);
  await rm(folder, { recursive: true, force: true });
}

/** Its module replaces others, which `go install` refuses; so it is built from its own folder. */
async function buildJaeger(file: string): Promise<void> {
  const module = 'github.com/jaegertracing/jaeger@v1.76.0';
  const { stdout } = await go(['mod', 'download', '-json', module], {});
  const { Dir: downloaded } = JSON.parse(stdout) as { readonly Dir: string };
  const folder = `${file}.build`;
  await cp(downloaded, folder, { recursive: true });
  // Downloaded modules are read-only.
  await run('chmod', ['-R', 'u+w', folder]);
  await go(['build', '-mod=mod', '-buildvcs=false', '-o', file, './cmd/jaeger'], {}, folder);
  await chmod(file, 0o755);
  await rm(folder, { recursive: true, force: true });
}

function go(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string = programFolder(),
): Promise<{ readonly stdout: string }> {
  return run('go', [...args], { cwd, env: { ...process.env, ...env }, maxBuffer: 64 * 2 ** 20 });
}

function lastLineOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').at(-1) ?? '';
}
