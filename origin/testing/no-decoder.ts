/** What is found where a decoder cannot start: its library is missing, perhaps. */
throw new Error('the library is missing')
