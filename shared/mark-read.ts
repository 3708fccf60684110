/** Marks a thread read up to a message; what it answers matters to nobody. */
export async function markRead(threadId: string, upTo: number): Promise<void> {
  await fetch(`/api/v1/threads/${threadId}/read`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ upTo }),
  })
}
