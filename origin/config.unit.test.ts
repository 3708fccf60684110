import { expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const secret = 'x'.repeat(32)
const settings = {
  REGION: 'na',
  SITE_URL: 'https://classifyhub.example',
  DATABASE_URL: 'postgres://localhost/na',
  SHARED_REDIS_URL: 'https://redis.example',
  SHARED_REDIS_TOKEN: 'token',
  REGION_REDIS_URL: 'https://redis.example',
  REGION_REDIS_TOKEN: 'token',
  EDGE_KEY: secret,
  DIRECTORY_KEY: secret,
  REGION_KEY: secret,
  AWS_REGION: 'us-east-1',
  S3_BUCKET: 'classifyhub-na',
  SQS_QUEUE_PREFIX: 'classifyhub-na',
  MAIL_FROM: 'no-reply@classifyhub.example',
}
const origins = JSON.stringify({ na: 'https://na.example', eu: 'https://eu.example' })
const queues = JSON.stringify({ eu: { awsRegion: 'eu-central-1', prefix: 'classifyhub-eu' } })

it('readConfig stands alone, or knows of each other region both where it answers and where its jobs go', () => {
  expect(readConfig(settings)).toMatchObject({ region: 'na', peers: {}, aws: { peerQueues: {} } })
  expect(readConfig({ ...settings, PEER_ORIGINS: origins, PEER_QUEUES: queues }).peers).toHaveProperty('eu')
  expect(() => readConfig({ ...settings, PEER_ORIGINS: origins })).toThrow(/PEER_QUEUES: must name eu, .*PEER_ORIGINS/)
})

it('readConfig lists all that is wrong', () => {
  const wrong = () => readConfig({ ...settings, REGION: 'xx', EDGE_KEY: 'short', STOP_WITHIN: '60' })
  expect(wrong).toThrow(ConfigError)
  expect(wrong).toThrow(/3 setting\(s\) are wrong:\n {2}REGION: .*\n {2}EDGE_KEY: .*\n {2}STOP_WITHIN: /)
})

it('readConfig refuses an OpenSearch whose credentials no client can decode', () => {
  const url = (OPENSEARCH_URL: string) => () => readConfig({ ...settings, OPENSEARCH_URL })
  expect(url('http://u:se%zz@search.example')).toThrow(/OPENSEARCH_URL: .*%25/)
  expect(url('ftp://search.example')).toThrow(/OPENSEARCH_URL: /)
  expect(url('http://u:se%25zz@search.example')().openSearchUrl).toBe('http://u:se%25zz@search.example')
})
