/** JSON lines in and out, for commands that work on streams of them. */
package dev.drpo.cli.lines;
