// What the widget itself says.

const chinese = {
  log: "对话", input: "您的问题", placeholder: "输入您的问题", send: "发送", menu: "更多操作", close: "关闭",
  you: "您", human: "转人工", clear: "清除对话", privacy: "隐私说明", lead: "答案出自政策库，注明出处",
  hint: "请不要填写身份证号、银行账号等个人信息。",
  privacyText: "对话保存在本系统的服务器上，用于回答和改进；请不要填写身份证号、银行账号等个人信息；随时可以“清除对话”。",
  clearAsk: "清除这段对话？", clearText: "服务器和本机上保存的这段对话都会删除，不能恢复。", clearYes: "清除", cancel: "取消", understood: "知道了",
  clearFailed: "没有清除成功，请稍后再试。",
  typing: "正在查找…", failed: "发送失败", retry: "重试", later: (seconds) => `稍后重试：${seconds} 秒后自动发送`,
  reconnecting: "正在重新连接…", offline: "网络已断开，恢复后会自动发送",
  latest: "回到最新", more: "更多", original: "查看原记录", copy: "复制回答", copied: "已复制", copyFailed: "没有复制成功",
  good: "有帮助", bad: "没帮助", why: "哪里不对？", thanks: "谢谢您的反馈", rateFailed: "没有提交成功，请稍后再试",
  reasons: { amount: "金额不对", department: "部门不对", expired: "已过期", missing: "没找到" },
  fits: { fits: "符合", maybe: "可能符合", not: "不符合" }, marks: { met: "满足", failed: "不满足", open: "待确认" },
  kinds: { bonus: "加成", discretion: "由部门认定" }, states: { planned: "计划", historic: "过往" },
  steps: "测算步骤", comparison: "比较", stuck: "没能帮上您？",
};

const english = {
  log: "Conversation", input: "Your question", placeholder: "Ask in Chinese or English", send: "Send", menu: "More actions", close: "Close",
  you: "You", human: "Talk to a person", clear: "Clear conversation", privacy: "Privacy", lead: "With sources",
  hint: "Please enter no ID or bank account numbers.",
  privacyText: "Stored on this server to answer and to improve; clear it at any time.",
  clearAsk: "Clear this conversation?", clearText: "It is deleted on the server and here.", clearYes: "Clear", cancel: "Cancel", understood: "OK",
  clearFailed: "Not cleared, try again.",
  typing: "Searching…", failed: "Not sent", retry: "Retry", later: (seconds) => `Sent again in ${seconds} s`,
  reconnecting: "Reconnecting…", offline: "Offline, sent when you are back",
  latest: "Jump to latest", more: "More", original: "View record", copy: "Copy answer", copied: "Copied", copyFailed: "Not copied",
  good: "Helpful", bad: "Not helpful", why: "What is wrong?", thanks: "Thank you", rateFailed: "Not sent, try again",
  reasons: { amount: "Wrong amount", department: "Wrong department", expired: "Out of date", missing: "Not found" },
  fits: { fits: "Fits", maybe: "May fit", not: "Does not fit" }, marks: { met: "met", failed: "not met", open: "to be confirmed" },
  kinds: { bonus: "bonus", discretion: "up to the department" }, states: { planned: "planned", historic: "past" },
  steps: "Calculation", comparison: "Comparison", stuck: "Not what you need?",
};

export const wordsOf = (language) => (language === "en" ? english : chinese);
