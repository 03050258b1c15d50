/* The line to the judge, past the functions of the interface: its descriptor, and the numbers that begin
   messages (the order of the cases of `Message`); the bytes of the rest follow. */
enum { line = 3 };
enum { message_emit = 11, message_random = 14, message_answer = 19 };
