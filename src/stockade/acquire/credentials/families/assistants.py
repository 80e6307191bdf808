"""Coding agents, model hubs and the servers that agents start."""

from __future__ import annotations

from stockade.acquire.credentials.formats import ini, json_document, whole, yaml
from stockade.acquire.credentials.spots import Rule, Spot, keyed
from stockade.model.credential import Kind, Life, Rotation

_SERVERS = tuple(
    Rule(path=f"mcpServers.*.env.{word}", item="1") for word in ("*key", "*token", "*secret", "*password")
)

SPOTS = (
    Spot(
        patterns=(".cache/huggingface/token", ".huggingface/token"),
        variables=("HF_TOKEN_PATH",),
        read=keyed("Hugging Face", whole, Rule(path="")),
    ),
    Spot(
        patterns=(".cache/huggingface/stored_tokens",),
        read=keyed("Hugging Face", ini, Rule(path="*.hf_token", item="0")),
    ),
    Spot(
        patterns=(".claude/.credentials.json",),
        read=keyed(
            "Anthropic",
            json_document,
            Rule(path="*.accessToken", life=Life.SHORT, rotation=Rotation.EXPIRES, expires="expiresAt"),
            Rule(path="*.refreshToken", kind=Kind.REFRESH_TOKEN, life=Life.REFRESHING),
        ),
    ),
    Spot(
        patterns=(".claude.json", ".cursor/mcp.json"), read=keyed("agents' servers", json_document, *_SERVERS)
    ),
    Spot(
        patterns=(".codex/auth.json",),
        read=keyed(
            "OpenAI",
            json_document,
            Rule(path="OPENAI_API_KEY"),
            Rule(path="tokens.access_token", life=Life.SHORT, rotation=Rotation.EXPIRES),
            Rule(path="tokens.refresh_token", kind=Kind.REFRESH_TOKEN, life=Life.REFRESHING),
        ),
    ),
    Spot(
        patterns=(".aider.conf.yml",),
        read=keyed("models' providers", yaml, Rule(path="*-api-key"), Rule(path="api-key.*")),
    ),
    Spot(
        patterns=(".config/litellm/config.yaml", ".config/litellm/config.yml"),
        read=keyed(
            "models' providers",
            yaml,
            Rule(path="model_list.*.litellm_params.api_key"),
            Rule(path="general_settings.master_key"),
        ),
    ),
    Spot(
        patterns=(".continue/config.json",),
        read=keyed("models' providers", json_document, Rule(path="models.*.apiKey", item="title")),
    ),
    Spot(
        patterns=(".continue/config.yaml",),
        read=keyed("models' providers", yaml, Rule(path="models.*.apiKey", item="name")),
    ),
)
