"""The WeChat channel under load: many users, repeated deliveries, slow answers. Run `python -m benchmarks.wechat_soak`."""
