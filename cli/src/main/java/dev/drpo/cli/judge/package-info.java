/**
 * {@code drpo judge}: the reward service's judge in this process, for JSON lines and for single
 * pairs.
 */
package dev.drpo.cli.judge;
