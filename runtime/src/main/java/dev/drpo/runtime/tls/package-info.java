/** How services know each other. */
package dev.drpo.runtime.tls;
