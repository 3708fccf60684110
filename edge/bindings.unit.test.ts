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
  MEDIA_BUCKETS: '{"na":{"url":"https://photos.s3.us-east-1.test/","awsRegion":"us-east-1"}}',
  MEDIA_ACCESS_KEY_ID: 'id',
  MEDIA_SECRET_ACCESS_KEY: 'secret',
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
    expect(() => readSettings({ ...settings, SITE_URL: 'site.test' })).toThrow(
      /1 setting.*\n.*SITE_URL: must be an address/,
    )
  })

  it('wants a bucket for each region that runs, and knows none for one that does not', () => {
    const na = { url: 'https://photos.s3.us-east-1.test', awsRegion: 'us-east-1' }
    expect(readSettings(settings).buckets).toEqual({ na, eu: null, ap: null })
    const eu = { url: 'http://127.0.0.1:9000/photos', awsRegion: 'eu-central-1' }
    expect(readSettings({ ...settings, MEDIA_BUCKETS: JSON.stringify({ na, eu }) }).buckets.eu).toBeNull()
    const both = { ...settings, ORIGIN_EU: 'https://eu.test' }
    expect(readSettings({ ...both, MEDIA_BUCKETS: JSON.stringify({ na, eu }) }).buckets).toEqual({ na, eu, ap: null })
    expect(() => readSettings(both)).toThrow('MEDIA_BUCKETS: must name a bucket for eu')
    for (const url of ['http://photos.test', 'ftp://photos.test', 'photos']) {
      const buckets = JSON.stringify({ na: { ...na, url } })
      expect(() => readSettings({ ...settings, MEDIA_BUCKETS: buckets }), url).toThrow('MEDIA_BUCKETS.na.url: must be')
    }
    expect(() => readSettings({ ...settings, MEDIA_BUCKETS: 'na' })).toThrow('MEDIA_BUCKETS: must be a JSON object')
    expect(() => readSettings({ ...settings, MEDIA_BUCKETS: '{"us":{}}' })).toThrow('MEDIA_BUCKETS')
  })

  it('lets nobody stand elsewhere but on this machine, and needs a region', () => {
    expect(() => readSettings({ ...settings, LOCAL_GEO: 'true' })).toThrow('LOCAL_GEO')
    expect(() => readSettings({ ...settings, ORIGIN_NA: '' })).toThrow('ORIGIN_NA')
    expect(readSettings({ ...settings, SITE_URL: 'http://localhost:8787', LOCAL_GEO: 'true' }).localGeo).toBe(true)
  })
})
