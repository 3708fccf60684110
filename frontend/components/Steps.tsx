import { paths } from '../../shared/paths.ts'

const names = ['Category', 'What it is', 'Photos', 'Preview']

/**
 * How far along the sell form is, as bars; the current one carries the sun.
 * @param post the draft's id, once it is stored: what is done can be gone back to
 */
export function Steps({ now, post }: { now: number; post?: string }) {
  const ways = post ? [undefined, paths.edit(post), paths.photos(post)] : []
  return (
    <ol class="steps" aria-label="Steps">
      {names.map((name, index) => (
        <li key={name} class={index < now ? 'done' : undefined} aria-current={index === now ? 'step' : undefined}>
          {index < now && ways[index] ? <a href={ways[index]}>{name}</a> : name}
        </li>
      ))}
    </ol>
  )
}
