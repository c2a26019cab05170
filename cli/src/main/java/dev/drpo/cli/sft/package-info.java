/** {@code drpo sft}: traces, recipes and the run that fine-tunes a policy on them. */
package dev.drpo.cli.sft;
