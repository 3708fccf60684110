import { describe, expect, it } from 'vitest'
import { parseOptions } from './options.ts'

describe('parseOptions', () => {
  it('has the defaults of the README', () => {
    expect(parseOptions([], '/work dir')).toEqual({
      port: 8787,
      data: '/work dir/.data',
      regions: ['na', 'eu', 'ap'],
      reset: false,
      demo: true,
      importFile: undefined,
      opensearch: false,
      dev: false,
      help: false,
    })
  })

  it('reads every flag, with a space or an equals sign', () => {
    const args = [
      '--port=9000',
      '--data',
      'x y',
      '--regions',
      'eu,na,eu',
      '--reset',
      '--no-demo',
      '--import',
      'ads.ndjson',
      '--opensearch',
      '--dev',
    ]
    expect(parseOptions(args, '/w')).toMatchObject({
      port: 9000,
      data: '/w/x y',
      regions: ['eu', 'na'],
      reset: true,
      demo: false,
      importFile: '/w/ads.ndjson',
      opensearch: true,
      dev: true,
    })
  })

  it.each([
    [['--prot', '1'], /Unknown option '--prot'[\s\S]*--port N/],
    [['extra'], /Unexpected argument 'extra'[\s\S]*--data DIR/],
    [['--port'], /'--port <value>' argument missing/],
    [['--port', '99999'], /Cannot use --port "99999": must be a number from 0/],
    [['--port', '80x'], /Cannot use --port "80x"/],
    [['--regions', 'na,mars'], /Cannot use --regions "na,mars": .* is not "mars"/],
    [['--regions', ''], /Cannot use --regions/],
    [['--data', ''], /Cannot use --data/],
  ])('says what is wrong with %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message)
  })
})
