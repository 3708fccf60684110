import path from 'node:path'
import { whyNotReadable } from '../../origin/cli/readable-file.ts'
import { regions as ALL_REGIONS } from '../../shared/regions.ts'
import { awsService } from './aws.ts'
import { build } from './build.ts'
import { emptyDataFolder, openDataFolder, openLogs } from './data-folder.ts'
import { watchSources } from './dev.ts'
import { edgeBindings, edgeService } from './edge.ts'
import { takeLock } from './lock.ts'
import { mailService } from './mail.ts'
import { openSearchAnswers, openSearchService, requireOpenSearch } from './opensearch/service.ts'
import { parseOptions, type StartOptions, USAGE } from './options.ts'
import { originEnv, originService, type Ports, roleService } from './origin.ts'
import { choosePorts, isFree, nextFree } from './ports.ts'
import { ensureDatabases, postgresService } from './postgres.ts'
import { redisService } from './redis.ts'
import { createReport, describeStack } from './report.ts'
import { loadSecrets } from './secrets.ts'
import { forgetStack, readLogins, writeEnv, writeStack } from './stack-file.ts'
import { createSupervisor, seconds } from './supervisor.ts'
import { declineDemo, drawDemo, importAds, loadDemo } from './tasks.ts'

// For the site's processes, and again for the stores behind them. Workers with jobs in flight have a grace of their own; all in
// all a stop takes 5 s at most, unless something must be ended by force.
const GRACE_MS = 1800
const PARENT_CHECK_MS = 250
const PARTS: (keyof Ports)[] = [
  ...(['edge', 'postgres', 'aws', 'mail', 'redis', 'opensearch'] as const),
  ...ALL_REGIONS.flatMap(region => [`origin-${region}`, `relay-${region}`, `worker-${region}`] as const),
]

/**
 * Starts the whole stack on a data folder and stays until it is asked to stop.
 * @throws {Error} in words for the person: port taken, folder in use, a part that does not start.
 */
export async function startStack(options: StartOptions, startedAt: number): Promise<void> {
  requireReadable(options.importFile)
  const openSearch = options.opensearch ? await requireOpenSearch() : undefined
  openDataFolder(options.data)
  const lock = await takeLock(options.data)
  const { data, regions } = options
  if (options.reset) emptyDataFolder(data)
  forgetStack(data)
  const { logs, stackLog } = openLogs(data)
  const report = createReport(stackLog)
  const supervisor = createSupervisor(lock, logs, report.event)
  const origins = regions.map(region => `origin-${region}` as const)
  const roles = regions.flatMap(region => [`relay-${region}`, `worker-${region}`] as const)

  // What runs beside the supervised parts (builders, initdb, demo data) ends by this.
  const unsupervised = new AbortController()
  const { signal } = unsupervised
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= (async () => {
      forgetStack(data)
      unsupervised.abort()
      await supervisor.shutDown(GRACE_MS, ['edge', ...origins, ...roles])
      lock.release()
    })()
    return stopping
  }
  const end = async (why: string) => {
    if (stopping === undefined) report.line(`stopping (${why})`)
    await stop()
    process.exit(0)
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, end)
  if (['start', 'dev'].includes(process.env.npm_lifecycle_event ?? '')) onParentGone(() => end('npm is gone'))

  try {
    await requireFree(options.port)
    report.line(`ClassifyHub, data in ${data}`)
    for (const name of lock.leftovers) report.line(`     ended ${name}, left by a killed run`)
    const secrets = loadSecrets(path.join(data, 'secrets.json'))
    const ports = await choosePorts(path.join(data, 'ports.json'), PARTS)
    if (options.port !== 0) ports.edge = options.port
    const envs = Object.fromEntries(
      regions.map(region => [region, originEnv(region, regions, ports, { secrets, openSearch: options.opensearch })]),
    )
    for (const region of regions) writeEnv(data, `origin-${region}`, envs[region] ?? {})
    const bindings = writeEnv(data, 'edge', edgeBindings(regions, ports, secrets))

    const at = (port: number) => () => `127.0.0.1:${port}`
    const built = report.step(
      'build',
      () => build(signal),
      what => what,
    )
    const edge = built.then(() =>
      report.step(
        'edge',
        () => supervisor.start(edgeService(bindings, ports.edge)),
        () => `localhost:${ports.edge}`,
      ),
    )
    const stores = [
      report.step(
        'postgres',
        async () => {
          await supervisor.start(await postgresService(data, ports.postgres, secrets, report.line, signal))
          await ensureDatabases(regions, ports.postgres, secrets)
        },
        at(ports.postgres),
      ),
      report.step('aws', () => supervisor.start(awsService(data, ports.aws, ports.edge)), at(ports.aws)),
      report.step('mail', () => supervisor.start(mailService(data, ports.mail)), at(ports.mail)),
      report.step('redis', () => supervisor.start(redisService(data, ports.redis)), at(ports.redis)),
    ]
    const running = Promise.all(stores).then(() =>
      Promise.all(
        regions
          .flatMap(region => {
            const env = envs[region] ?? {}
            return [
              originService(region, env, ports[`origin-${region}`]),
              roleService('relay', region, env, ports[`relay-${region}`]),
              roleService('worker', region, env, ports[`worker-${region}`]),
            ]
          })
          .map(service => report.step(service.name, () => supervisor.start(service), at(service.port))),
      ),
    )
    // Nobody waits for it: until it answers Postgres searches.
    const searching = openSearch
      ? report.step(
          'opensearch',
          () => supervisor.start(openSearchService(openSearch, data, ports.opensearch)),
          at(ports.opensearch),
        )
      : Promise.resolve()
    await Promise.all([edge, running, searching])
    declineDemo(options)
    await loadDemo(options, { lock, report, signal })
    if (options.importFile !== undefined) await importAds(options.importFile, options, { lock, report, signal })
    if (openSearch && !(await openSearchAnswers(`http://localhost:${ports.edge}`, regions)))
      report.event('OpenSearch does not answer searches yet: until it does Postgres will')
    await supervisor.settle()
    if (stopping !== undefined) return

    const stack = {
      site: `http://localhost:${ports.edge}`,
      mail: `http://127.0.0.1:${ports.mail}`,
      origins: Object.fromEntries(regions.map(region => [region, `http://127.0.0.1:${ports[`origin-${region}`]}`])),
      logins: readLogins(data).filter(({ region }) => regions.some(one => one === region)),
    }
    writeStack(data, stack)
    if (options.dev) watchSources(supervisor, [...origins, ...roles], report.event, signal)
    report.line(`\n${describeStack(stack)}\n\nstarted in ${seconds(performance.now() - startedAt)}`)
    report.line(`ready ${stack.site}`)
    await drawDemo(options, { lock, report, signal }).catch(error => {
      if (stopping === undefined) report.event(`demo pictures: ${error instanceof Error ? error.message : error}`)
    })
  } catch (error) {
    if (stopping === undefined) console.error(error instanceof Error ? error.message : error)
    await stop()
    process.exit(1)
  }
}

// npm hands SIGTERM to the shell between us, which dies of it and tells nobody.
function onParentGone(then: () => void) {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    then()
  }, PARENT_CHECK_MS)
}

function requireReadable(file: string | undefined): void {
  const reason = file === undefined ? undefined : whyNotReadable(file)
  if (reason) throw new Error(`Cannot import ${file}: ${reason}`)
}

async function requireFree(port: number): Promise<void> {
  if (port === 0 || (await isFree(port))) return
  const other = await nextFree(port + 1)
  throw new Error(
    `Cannot start: port ${port} is taken by another program. Choose another: npm start -- --port ${other}`,
  )
}

if (import.meta.main) {
  try {
    const options = parseOptions(process.argv.slice(2))
    if (options.help) console.log(USAGE)
    // The clock of this process began before its first line ran: performance.now() counts from there.
    else await startStack(options, 0)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
