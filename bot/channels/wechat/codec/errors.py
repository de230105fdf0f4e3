"""Why a message is refused, with the codes of the platform's own sample library."""

from __future__ import annotations

SIGNATURE = -40001
FORM = -40002
KEY = -40004
RECEIVER = -40005
ENCRYPTION = -40006
DECRYPTION = -40007
BUFFER = -40008
BASE64 = -40010

_TEXTS = {
    SIGNATURE: "签名不对。",
    FORM: "报文格式不对。",
    KEY: "EncodingAESKey 不对：应当是 43 个字母、数字。",
    RECEIVER: "AppID 或 CorpID 不对。",
    ENCRYPTION: "加密失败。",
    DECRYPTION: "解密失败。",
    BUFFER: "解密后的内容不对。",
    BASE64: "密文不是 base64。",
}


class CodecError(ValueError):
    """A message, or a key, that is not what it should be.

    `code` is that of the sample library (https://developer.work.weixin.qq.com/document/path/90307);
    the text, in Chinese, holds nothing of the message.
    """

    def __init__(self, code: int):
        self.code = code
        super().__init__(_TEXTS[code])
