/** Who may call a service, and how much. */
package dev.drpo.service.callers;
