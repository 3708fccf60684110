import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Assets, Shell } from './page-model.ts'

export type Site = { shell: Shell; assets: Assets }

export const SiteContext = createContext<Site | null>(null)

/** Gives the shell and the built files of the page being rendered. Server only. */
export function useSite(): Site {
  const site = useContext(SiteContext)
  if (!site) throw new Error('useSite: must be inside SiteContext')
  return site
}
