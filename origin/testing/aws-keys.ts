/** Keys that open nothing but a stand-in. */
export const testKeys = { accessKeyId: 'test', secretAccessKey: 'test' }

/** Lets the AWS clients of this process and of its children show them, whatever its environment held before. */
export function useTestKeys(): void {
  process.env.AWS_ACCESS_KEY_ID = testKeys.accessKeyId
  process.env.AWS_SECRET_ACCESS_KEY = testKeys.secretAccessKey
  delete process.env.AWS_SESSION_TOKEN
  delete process.env.AWS_PROFILE
}
