import { describe, expect, it } from 'vitest'
import { readSettings } from './bindings.ts'

const key = 'k'.repeat(32)
const settings = {
  SITE_URL: 'https://site.test/',
  ORIGIN_NA: 'https://na.test/',
  EDGE_KEY: key,
  LIMIT_KEY: key,
  DIRECTORY_KEY: key,
  SHARED_REDIS_URL: 'https://redis.test',
  SHARED_REDIS_TOKEN: 't',
}

describe('readSettings', () => {
  it('reads origins without a slash, and an empty one as none', () => {
    expect(readSettings({ ...settings, ORIGIN_EU: '' })).toMatchObject({
      siteOrigin: 'https://site.test',
      origins: { na: 'https://na.test', eu: null, ap: null },
      localGeo: false,
      limitScale: 1,
    })
  })

  it('names every fault at once', () => {
    const wrong = { ...settings, SITE_URL: 'http://site.test', EDGE_KEY: 'short', SHARED_REDIS_TOKEN: undefined }
    expect(() => readSettings(wrong)).toThrow(
      /3 setting\(s\) are wrong:\n.*SITE_URL.*\n.*EDGE_KEY.*\n.*SHARED_REDIS_TOKEN/,
    )
  })

  it('lets nobody stand elsewhere but on this machine, and needs a region', () => {
    expect(() => readSettings({ ...settings, LOCAL_GEO: 'true' })).toThrow('LOCAL_GEO')
    expect(() => readSettings({ ...settings, ORIGIN_NA: '' })).toThrow('ORIGIN_NA')
    expect(readSettings({ ...settings, SITE_URL: 'http://localhost:8787', LOCAL_GEO: 'true' }).localGeo).toBe(true)
  })
})
