const names = ['Category', 'What it is', 'Preview']

/** How far along the sell form is, as bars; the current one carries the sun. */
export function Steps({ now }: { now: number }) {
  return (
    <ol class="steps" aria-label="Steps">
      {names.map((name, index) => (
        <li key={name} class={index < now ? 'done' : undefined} aria-current={index === now ? 'step' : undefined}>
          {name}
        </li>
      ))}
    </ol>
  )
}
