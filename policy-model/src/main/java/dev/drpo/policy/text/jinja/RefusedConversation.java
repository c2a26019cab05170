package dev.drpo.policy.text.jinja;

/** A conversation that a template refuses to render, in the template's own words. */
public final class RefusedConversation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefusedConversation(String message) {
    super(message);
  }
}
