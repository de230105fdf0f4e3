"""The command `huiqi`."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import logging
import os
import signal
import sys
import time
from contextlib import redirect_stdout

from actions.knowledge import BookError, check_book
from actions.knowledge.store import default_folder
from bot import project
from bot.runtime import lazy

ROOM_MB = 300


class CommandError(Exception):
    """Ends the command with one clear sentence."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Returns the exit status."""
    options = parser().parse_args(arguments)
    project.quiet()
    lazy.defer()
    try:
        return int(options.run(options) or 0)
    except CommandError as failure:
        print(f"huiqi：{failure}", file=sys.stderr)
        return 1
    except BookError as error:
        print(f"政策库有 {len(error.problems)} 处错误，改好后再试：", file=sys.stderr)
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"huiqi：{error.strerror or error}{'：' + str(error.filename) if error.filename else ''}", file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(prog="huiqi", description="惠企问答：按政策库回答惠企政策问题。")
    commands = found.add_subparsers(required=True, metavar="命令")

    serve = commands.add_parser("serve", help="启动服务（需要时先训练）")
    serve.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"), help="监听地址，默认 127.0.0.1")
    serve.add_argument("--port", default=os.environ.get("PORT", "5005"), help="端口，默认 5005")
    serve.add_argument("--http-actions", action="store_true", help="使用 endpoints.yml 里的动作服务器，而不是同进程")
    serve.set_defaults(run=run_serve)

    shell = commands.add_parser("shell", help="在终端里对话，看回答的经过，存下来重放；也接受管道")
    shell.add_argument("--url", metavar="地址", help="问一个运行中的服务，例如 http://127.0.0.1:5005，默认自己加载模型")
    shell.add_argument("--debug", action="store_true", help="每个回答后面显示经过和用时（:debug on）")
    shell.add_argument("--channel", default="plain", choices=["plain", "web", "wechat"], help="回答照哪个渠道显示，默认 plain")
    shell.add_argument("--replay", metavar="文件", help="先重问一份记录，逐行列出不同（:replay 文件 --diff）")
    shell.set_defaults(run=run_shell)

    simulator = commands.add_parser("wechat-sim", help="模拟微信：在终端里当一个微信用户，不需要账号")
    simulator.add_argument("--url", metavar="地址", help="一个运行中的服务的回调地址，默认自己启动一个助手")
    simulator.set_defaults(run=run_wechat_sim)

    train = commands.add_parser("train", help="训练模型")
    train.add_argument("--force", action="store_true", help="没有变化也重新训练")
    train.set_defaults(run=run_train)

    validate = commands.add_parser("validate", help="检查政策库")
    validate.add_argument("folder", nargs="?", help="政策库目录，默认 data/policies")
    validate.set_defaults(run=run_validate)

    ask = commands.add_parser("ask", help="问一个问题，或一次问许多，不启动服务")
    ask.add_argument("question", nargs="?", help="问题")
    ask.add_argument("--json", action="store_true", help="输出结构化的回答；和 --batch 一起，每轮一行 JSON")
    ask.add_argument("--batch", metavar="文件", help="对话记录（.jsonl）：有回答与记录不同就返回 1；或一行一个问题；- 是标准输入")
    ask.add_argument("--diff", action="store_true", help="逐行列出与记录不同的地方")
    ask.add_argument("--update", action="store_true", help="把现在的回答写进对话记录")
    ask.set_defaults(run=run_ask)

    feedback = commands.add_parser("feedback", help="列出收到的反馈（网页、企业微信智能机器人、终端）")
    feedback.add_argument("--json", action="store_true", help="每条一行 JSON")
    feedback.set_defaults(run=run_feedback)

    evaluate = commands.add_parser("evaluate", help="在留出的问题上评测，写出报告")
    evaluate.add_argument(
        "--set", default="held_out", choices=["held_out", "development"], help="问题集，默认 held_out（留出集）"
    )
    evaluate.add_argument("--misses", action="store_true", help="列出没有通过的问题（留出集不行，见 docs/评测.md）")
    evaluate.add_argument("--final", action="store_true", help="连留出集的也列出，只在不再改进之后用")
    evaluate.add_argument("--json", action="store_true", help="在终端输出 JSON，而不是表")
    evaluate.add_argument("--output", metavar="目录", help="报告写到哪里，默认 build/evaluation/<问题集>")
    evaluate.add_argument("--model", metavar="文件", help="用这个模型，不检查它新不新，默认 models/ 里的")
    evaluate.add_argument("--write-docs", action="store_true", help="把表写进 docs/评测.md")
    evaluate.add_argument("--at-least", type=float, metavar="百分数", help="有一种写法的通过率低于它就返回 1")
    evaluate.set_defaults(run=run_evaluate)
    return found


def run_validate(options: argparse.Namespace) -> int:
    """Print every problem of the book; 1 when any is an error."""
    from pathlib import Path

    folder = Path(options.folder) if options.folder else default_folder()
    problems, documents = check_book(folder)
    for problem in problems:
        print(problem)
    errors = sum(not problem.warning for problem in problems)
    if errors:
        print(f"共 {errors} 处错误、{len(problems) - errors} 处提示。")
        return 1
    policies = sum(len(document.value.get("policies", [])) for document in documents)
    print(f"政策库没有错误：{len(documents)} 个文件，{policies} 项政策，{len(problems)} 处提示。")
    return 0


def ensure_model(force: bool = False) -> None:
    """Train when something changed, telling what happens."""
    # Libraries that Rasa loads can swallow KeyboardInterrupt: from here on Ctrl-C ends the process itself,
    # until Sanic sets a handler of its own.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from shutil import disk_usage

    from actions.knowledge.store import store
    from bot import logs, training

    book = store().current()
    logs.configure()
    if training.fresh() and not force:
        print("[模型] 没有变化，不需要训练。", flush=True)
        return
    if disk_usage(project.ROOT).free < ROOM_MB * 2**20:
        raise CommandError(f"磁盘空间不足 {ROOM_MB} MB，无法训练；请清理后再试。")
    print(f"[模型] 政策库 {len(book.policies)} 项政策，开始训练（约一分钟）……", flush=True)
    began = time.monotonic()
    try:
        training.train(force)
    except RuntimeError as error:
        raise CommandError(str(error)) from error
    print(f"[模型] 训练完成，用时 {time.monotonic() - began:.0f} 秒。", flush=True)


def run_train(options: argparse.Namespace) -> int:
    """Train the model where it is not fresh."""
    ensure_model(options.force)
    return 0


def run_serve(options: argparse.Namespace) -> int:
    """Serve until stopped."""
    if not str(options.port).isdigit() or not 0 < int(options.port) < 65536:
        raise CommandError(f"端口应当是 1 到 65535 的整数，而不是“{options.port}”。")
    host, port = options.host, int(options.port)
    if not _free(host, port):
        raise CommandError(
            f"{host}:{port} 无法监听：端口已被占用或地址不属于本机。换一个端口，例如 PORT={min(port + 1, 65535)} make serve。"
        )
    ensure_model()
    print("[服务] 正在加载模型……", flush=True)
    from bot.channels.settings import SettingError

    gc.disable()  # while much is loaded that stays; ends when the server is ready
    try:
        from bot import serving

        serving.serve(host, port, options.http_actions)
    except SettingError as error:
        raise CommandError(str(error)) from error
    finally:
        gc.enable()
    return 0


def _free(host: str, port: int) -> bool:
    import socket

    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError:
        return False
    return True


def run_feedback(options: argparse.Namespace) -> int:
    """Print what people said of the answers."""
    from dataclasses import asdict

    from bot import logs

    logs.configure()
    from rasa.core.tracker_store import TrackerStore

    from bot import feedback, serving

    ratings = feedback.beside(TrackerStore.create(serving.endpoints(http_actions=True).tracker_store)).all()
    found = [json.dumps(asdict(rating), ensure_ascii=False) for rating in ratings] if options.json else feedback.lines(ratings)
    print("\n".join(found))
    return 0


def run_ask(options: argparse.Namespace) -> int:
    """Answer one question, or those of a file; 2 where the options or the file are faulty."""
    from bot.console import batch
    from bot.console.transcripts import TranscriptError

    misuse = batch.misuse(options)
    if misuse:
        print(f"huiqi：{misuse}", file=sys.stderr)
        return 2
    if options.batch is not None:
        try:
            return _ask_all(options)
        except TranscriptError as error:
            print(f"huiqi：{error}", file=sys.stderr)
            return 2
    _ready_to_ask()
    from bot.conversation import Conversation

    messages = asyncio.run(Conversation().say(options.question))
    if options.json:
        print(json.dumps(messages, ensure_ascii=False, indent=2))
    else:
        print("\n".join(text for text in map(_plain, messages) if text))
    return 0


def _ask_all(options: argparse.Namespace) -> int:
    from bot.console import assistants, batch

    asked = batch.read_batch(options)
    _ready_to_ask()
    try:
        assistant = assistants.InProcess.load(_progress)
        _progress("")
        return asyncio.run(batch.run(asked, assistant, options))
    except assistants.Unreachable as error:
        raise CommandError(str(error)) from error


def _ready_to_ask() -> None:
    from bot import logs, training

    logs.configure()
    if not training.fresh():
        with redirect_stdout(sys.stderr):  # what stands on the standard output is read by programs
            ensure_model()


def _plain(message: dict[str, object]) -> str:
    lines = [str(message["text"])] if message.get("text") else []
    buttons = message.get("buttons")
    if isinstance(buttons, list):
        lines.append("可以接着问：" + " / ".join(str(button["title"]) for button in buttons))
    return "\n".join(lines)


def run_wechat_sim(options: argparse.Namespace) -> int:
    """Chat as a WeChat user, by the platform's protocol."""
    from bot.channels.settings import SettingError
    from bot.wechatsim import terminal

    try:
        return terminal.run(options.url)
    except (SettingError, terminal.SimulatorError) as error:
        raise CommandError(str(error)) from error


def run_evaluate(options: argparse.Namespace) -> int:
    """Ask the questions of the evaluation and report."""
    from bot import logs, training
    from bot.evaluation import command
    from bot.evaluation.questions import QuestionsError

    refusal = command.refusal(options)
    if refusal:
        raise CommandError(refusal)
    logs.configure()
    if not options.model and not training.fresh():
        ensure_model()
    try:
        return command.run(options, options.model or str(project.MODEL))
    except QuestionsError as error:
        raise CommandError(f"评测问题有 {len(error.problems)} 处错误，改好后再试：\n{error}") from error


def run_shell(options: argparse.Namespace) -> int:
    """Talk in the terminal, or answer what is piped in."""
    # Libraries that Rasa loads can swallow KeyboardInterrupt: until there is a prompt, Ctrl-C ends the process itself.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if options.url and options.debug:
        raise CommandError("运行中的服务不给看回答的经过：--debug 和 --url 只能写一样。")
    from actions.knowledge.store import store
    from bot import training
    from bot.console.assistants import InProcess, Remote, Unreachable

    if not options.url and not training.fresh():
        with redirect_stdout(sys.stderr):  # what is piped out is the conversation and nothing else
            ensure_model()
    gc.disable()  # while much is loaded that stays
    try:
        assistant = Remote(options.url) if options.url else InProcess.load(_progress)
        books = store()
    except Unreachable as error:
        raise CommandError(str(error)) from error
    finally:
        _progress("")
        gc.freeze()
        gc.enable()
    from bot.console import terminal

    # The console itself tells of a book that was edited.
    logging.getLogger("actions.knowledge.store").setLevel(logging.CRITICAL)
    return terminal.run(assistant, books, options)


def _progress(text: str) -> None:
    """Say what is being done; on a terminal in place of what was said before, and nothing stays of it."""
    if sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb":
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
    elif text:
        print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
