/**
 * Supervised fine-tuning of a policy: what is drawn when, what counts how much, and the steps. It
 * knows sequences of tokens, and no file that they come from.
 */
package dev.drpo.policy.sft;
