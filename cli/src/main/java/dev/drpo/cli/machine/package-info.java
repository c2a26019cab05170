/** What this machine has, as far as the system's own tools and files tell. */
package dev.drpo.cli.machine;
