export function openApiDocument(siteOrigin: string): string {
  return JSON.stringify({ openapi: '3.1.0', servers: [{ url: siteOrigin }] })
}
