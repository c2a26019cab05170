/** What judged responses say of a policy: accuracy, its interval, pass@k, maj@k, lengths, AES. */
package dev.drpo.evaluation;
