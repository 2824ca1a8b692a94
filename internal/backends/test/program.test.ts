import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findProgram, programFolder, programs } from '../src/programs/program.ts';
import { startServer } from '../src/programs/server-process.ts';

describe('findProgram', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'programs-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('prefers the file that the variable names', async () => {
    const file = path.join(folder, 'mine');
    await writeFile(file, '');
    await writeFile(path.join(folder, 'prometheus'), '');
    expect(findProgram(programs.prometheus, { PROMETHEUS_BIN: file, PATH: folder })).toBe(file);
  });

  it('uses no other file if the one that the variable names does not exist', async () => {
    await writeFile(path.join(folder, 'prometheus'), '');
    expect(
      findProgram(programs.prometheus, { PROMETHEUS_BIN: path.join(folder, 'nowhere'), PATH: folder }),
    ).toBeUndefined();
  });

  it('finds it on the path, and what was built before', async () => {
    const env = { XDG_CACHE_HOME: folder, PATH: `${folder}${path.delimiter}` };
    expect(findProgram(programs.jaeger, env)).toBeUndefined();
    const built = path.join(programFolder(env), 'jaeger-v1.76.0');
    await mkdir(path.dirname(built), { recursive: true });
    await writeFile(built, '');
    expect(findProgram(programs.jaeger, env)).toBe(built);
    await writeFile(path.join(folder, 'jaeger'), '');
    expect(findProgram(programs.jaeger, env)).toBe(path.join(folder, 'jaeger'));
  });
});

describe('startServer', () => {
  it('reports what a server printed before it ended', async () => {
    const program = ['-e', 'console.error("no such flag"); process.exit(3)'];
    await expect(startServer(process.execPath, program, 'http://127.0.0.1:9/')).rejects.toThrow(/no such flag/);
  });
});
