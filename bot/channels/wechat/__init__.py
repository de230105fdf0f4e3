"""The WeChat channel: 公众号 and 企业微信 (docs/微信接入.md)."""
