import { randomUUID } from 'node:crypto'
import { AwsError, toXml } from './errors.ts'
import type { AppReply, AppRequest } from './fauxqs.ts'
import { serviceOf } from './wire.ts'

/** Sets status and headers of a refusal. @returns its body in the protocol of the service */
export function refuse(request: AppRequest, reply: AppReply, fault: unknown): string {
  const error = toAwsError(fault)
  const service = serviceOf(request)
  const id = randomUUID()
  // Fastify would close the connection before the answer is read; `cutOff` sees to what is still coming.
  reply.removeHeader('connection')
  reply.code(error.status).header('x-amz-request-id', id)
  if (request.method === 'HEAD') return ''
  if (service === 'sqs') {
    reply.type('application/x-amz-json-1.0')
    return JSON.stringify({ __type: `com.amazonaws.sqs#${error.code}`, message: error.message })
  }
  reply.type('application/xml')
  return service === 's3'
    ? toXml(error, id)
    : `<ErrorResponse>${toXml(error, id).replace(/^<.*?>\n/, '')}</ErrorResponse>`
}

/** The refusal that an error amounts to; what nobody foresaw goes to the log. */
function toAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error
  const { statusCode = 500, message = '' } = error as { statusCode?: number; message?: string }
  if (statusCode < 500) return new AwsError('InvalidRequest', message)
  console.error(error)
  return new AwsError('InternalError')
}
