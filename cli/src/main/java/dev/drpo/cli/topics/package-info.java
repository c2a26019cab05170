/** Which run's topics a command looks into, and how it gets at them. */
package dev.drpo.cli.topics;
