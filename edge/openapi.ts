import * as z from 'zod'
import { type ApiName, type ApiRoute, api, apiPrefix } from '../shared/api.ts'
import { Problem } from '../shared/errors.ts'

type Json = Record<string, unknown>
type Components = Record<string, Json>

const worldText =
  'With scope=world all regions are asked at once, unless the query names one, its country or a seller. Those that do not answer ' +
  'within 2 s are named in missingRegions; nextCursor keeps their place, so that a later page has what this one lacks.'

let kept: Json | undefined

/** Prints the API table as an OpenAPI 3.1 document. Schemas that have an id become components, as the contract names them. */
export function openApiDocument(siteOrigin: string): Json {
  kept ??= describe()
  return { ...kept, servers: [{ url: siteOrigin }] }
}

function describe(): Json {
  const components: Components = {}
  const problem = schemaOf(Problem, 'output', components)
  const paths: Record<string, Json> = {}
  for (const [name, route] of Object.entries(api) as [ApiName, ApiRoute][]) {
    const path = apiPrefix + route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(name, route, components) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'ClassifyHub API',
      version: '1',
      description: 'Errors are problem documents (RFC 9457). Amounts of money are integers in minor units.',
    },
    tags: [...new Set(Object.values(api).map(({ tag }) => tag))].map(name => ({ name })),
    paths,
    components: {
      schemas: components,
      responses: {
        Problem: { description: 'What went wrong', content: { 'application/problem+json': { schema: problem } } },
      },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  }
}

function operationOf(name: ApiName, route: ApiRoute, components: Components): Json {
  const { status, body } = route.success
  const content = route.file
    ? { content: { [route.file]: {} } }
    : body && { content: { 'application/json': { schema: schemaOf(body, 'output', components) } } }
  return {
    operationId: name,
    summary: route.summary,
    tags: [route.tag],
    ...(route.crossRegion ? { description: 'Serves accounts of every home region.' } : {}),
    ...(route.routing === 'scope' ? { description: worldText } : {}),
    ...(route.auth === 'none' ? {} : { security: route.auth === 'optional' ? [{}, { bearer: [] }] : [{ bearer: [] }] }),
    parameters: parametersOf(route, components),
    ...(route.body ? { requestBody: requestBodyOf('application/json', route.body, components) } : {}),
    ...(route.form ? { requestBody: requestBodyOf('multipart/form-data', route.form, components) } : {}),
    responses: {
      [status]: { description: status === 202 ? 'Accepted' : 'Done', ...content },
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

function requestBodyOf(type: string, body: z.ZodType, components: Components): Json {
  return { required: true, content: { [type]: { schema: schemaOf(body, 'input', components) } } }
}

function parametersOf(route: ApiRoute, components: Components): Json[] {
  const ids = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => {
    return { name, in: 'path', required: true, schema: { type: 'string' } }
  })
  const text = { type: 'string' }
  const key = { name: 'Idempotency-Key', in: 'header', required: false, schema: text }
  const match = { name: 'If-Match', in: 'header', required: true, schema: text, description: 'The quoted version' }
  const query = route.query ? queryParametersOf(route.query, components) : []
  return [...ids, ...query, ...(route.idempotent ? [key] : []), ...(route.conditional ? [match] : [])]
}

/** What comes out of the schema tells the type of each parameter, what goes in whether it must be given. */
function queryParametersOf(query: z.ZodType, components: Components): Json[] {
  const { properties = {} } = schemaOf(query, 'output', components) as { properties?: Components }
  const { required = [] } = schemaOf(query, 'input', {}) as { required?: string[] }
  return Object.entries(properties).map(([name, schema]) => {
    return { name, in: 'query', required: required.includes(name) && schema.default === undefined, schema }
  })
}

/** JSON Schema 2020-12 of a zod schema; the parts with an id move to `components` and are referred to. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Components): Json {
  const { $schema: _, $defs = {}, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json
  for (const [id, part] of Object.entries($defs as Components)) components[id] ??= clean(part)
  const id = typeof own.id === 'string' ? own.id : undefined
  if (!id) return relink(own)
  components[id] ??= clean(own)
  return { $ref: `#/components/schemas/${id}` }
}

function clean({ id: _, ...schema }: Json): Json {
  return relink(schema)
}

function relink(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'))
}
