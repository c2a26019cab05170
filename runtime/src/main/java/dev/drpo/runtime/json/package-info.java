/** JSON from outside, read so that a mistake in it can't change what it means. */
package dev.drpo.runtime.json;
