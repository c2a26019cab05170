/** Tokenizer and chat template. */
package dev.drpo.policy.text;
