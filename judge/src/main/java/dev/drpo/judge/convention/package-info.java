/** What counts as equal where mathematics leaves a choice, and what a response must look like. */
package dev.drpo.judge.convention;
