import { useSite } from '../context.ts'
import { dayText } from '../format.ts'

/** A date; the ages island makes it relative ("2 h ago") where it says so. */
export function Day({ at, year = false, relative = true }: { at: string; year?: boolean; relative?: boolean }) {
  const { locale } = useSite().shell
  const minute = `${at.slice(0, 16)}Z`
  const text = dayText(at, locale, year)
  return relative ? (
    <time datetime={minute}>{text}</time>
  ) : (
    <time data-fixed datetime={minute}>
      {text}
    </time>
  )
}
