// Vite writes dist/client-manifest.json; types must hold before it has run.
declare module '*/client-manifest.json' {
  const assets: { css: string; js: string; font: string; icons: string }
  export default assets
}
