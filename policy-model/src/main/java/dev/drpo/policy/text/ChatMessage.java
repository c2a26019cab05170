package dev.drpo.policy.text;

/**
 * One turn of a conversation.
 *
 * @param role system, user or assistant
 * @param content its text
 */
public record ChatMessage(String role, String content) {}
