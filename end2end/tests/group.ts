import { befriend } from './api';
import { pair } from './pair';
import type { Person } from './person';

/** Ada and Grace, and Joan, who is a contact of Ada's alone. */
export async function three(meet: (name: string) => Promise<Person>): Promise<{ ada: Person; grace: Person; joan: Person }> {
  const { ada, grace } = await pair(meet);
  const joan = await meet('joan');
  await joan.signUp();
  await befriend(ada, joan);
  await joan.goto('/');
  return { ada, grace, joan };
}
