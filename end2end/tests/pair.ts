import { befriend, signUp } from './api';
import type { Person } from './person';

type Meet = (firstName: string) => Promise<Person>;

/** Two people who are signed up, contacts, and looking at their lists. */
export async function pair(meet: Meet): Promise<{ ada: Person; grace: Person }> {
  const [ada, grace] = await Promise.all([meet('ada'), meet('grace')]);
  await Promise.all([signUp(ada), signUp(grace)]);
  await befriend(ada, grace);
  await Promise.all([ada.goto('/'), grace.goto('/')]);
  return { ada, grace };
}

/** The same two, both with their conversation open; `path` is its page. */
export async function talkingPair(meet: Meet): Promise<{ ada: Person; grace: Person; path: string }> {
  const { ada, grace } = await pair(meet);
  const path = await ada.openConversation(grace.name);
  await grace.openConversation(ada.name);
  return { ada, grace, path };
}
