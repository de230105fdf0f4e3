# Everything a person does with the project. `make` alone lists the targets.

# Rasa and TensorFlow only speak when something is wrong, as in bot/project.py.
export RASA_TELEMETRY_ENABLED = false
export TF_CPP_MIN_LOG_LEVEL = 3
export SQLALCHEMY_SILENCE_UBER_WARNING = 1
export TQDM_DISABLE = 1

BIN = .venv/bin
MODEL = models/huiqi.tar.gz
STORIES = tests/rasa
VERSIONS = 3.10 3.11 3.12 3.13
# Rasa's commands say a lot when all is well: $(call rasa,...) shows it only after a failure.
rasa = mkdir -p build; $(BIN)/rasa $(1) >build/rasa.log 2>&1 || { cat build/rasa.log; exit 1; }

.DEFAULT_GOAL = help
.NOTPARALLEL: # the targets share .venv, and `test` runs its parts in the order given
.PHONY: help serve shell train validate check test environment data tests stories test-unit test-browser test-knowledge-versions evaluate cross-validate bench bench-nlu soak-wechat standard lock clean

help: ## 列出全部命令
	@echo '用法：make 命令    例如：make serve，或 PORT=8080 make serve'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-25s%s\n", $$1, $$2}' Makefile

serve: environment ## 启动服务（首次会建立环境并训练；HOST、PORT 可改，默认 127.0.0.1:5005）
	@$(BIN)/huiqi serve

shell: environment ## 在终端里对话（ARGS='--debug' 看回答的经过，--url 问一个运行中的服务）
	@$(BIN)/huiqi shell $(ARGS)

train: environment ## 训练模型（没有变化就不训练）
	@$(BIN)/huiqi train

validate: environment ## 检查政策库
	@echo '== 检查政策库 =='
	@$(BIN)/huiqi validate

check: environment ## 检查代码：ruff 与 mypy
	@echo '== 检查代码 =='
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

test: check validate data tests stories ## 全部检查与测试，遇到第一个失败就停
	@echo '== 全部通过 =='

test-unit: environment ## 只跑快的测试（不加载模型）
	@echo '== 单元测试 =='
	@$(BIN)/python -m pytest tests -m 'not agent'

test-browser: environment ## 只跑网页测试（截图在 build/browser；打印从回车到看见回答要多久）
	@echo '== 网页测试 =='
	@$(BIN)/python -m pytest tests/browser -s

test-knowledge-versions: ## 在 Python 3.10 至 3.13 上测试政策库与回答（不装 Rasa）
	@for version in $(VERSIONS); do \
	  echo "== 政策库与回答，Python $$version =="; \
	  python=$$(scripts/environment python $$version) || { echo "跳过：没有找到 Python $$version。"; continue; }; \
	  scripts/environment venv build/python-$$version "$$python" -e . "$$(grep -o '^pytest==[^ ]*' requirements.lock)" && \
	  build/python-$$version/bin/python -m pytest -p no:cacheprovider tests/knowledge tests/replies && \
	  rm -rf build/python-$$version || exit 1; \
	done

evaluate: environment ## 在留出的问题上评测，报告在 build/evaluation（ARGS='--set development --misses' 看开发集里没通过的）
	@$(BIN)/huiqi evaluate $(ARGS)

cross-validate: environment ## 意图与实体的三折交叉验证（rasa test nlu），结果在 build/cross-validation
	@echo '== 交叉验证（十来分钟）=='
	@$(call rasa,test nlu --nlu data/nlu --config bot/config.yml --domain bot/domain --cross-validation --folds 3 --out build/cross-validation)
	@$(BIN)/python -m bot.evaluation.crossvalidation $(ARGS)

bench: train ## 速度：与 Rasa 默认并排，约半小时，写进 benchmarks/speed（首次先训练 Rasa 默认，一小时以上；ARGS='--quick' 粗测一遍，--part 只测一部分）
	@$(BIN)/python -m benchmarks.speed $(ARGS)

bench-nlu: environment ## 外部基准 MASSIVE：意图识别与 Rasa 默认管线并排，再测无关问题（首次半小时以上；ARGS='--part assistant' 只测后者）
	@$(BIN)/python -m benchmarks.massive $(ARGS)

standard: train ## 标准问答：现在的回答与记录的有没有不同（改了政策库以后，发布以前看一看）
	@$(BIN)/huiqi ask --batch data/transcripts/standard.jsonl --diff

soak-wechat: train ## 微信压力测试：模拟器里 200 人发 2000 条消息，两成重送，有的答得慢（ARGS=--help 看选项；约三分钟）
	@$(BIN)/python -m benchmarks.wechat_soak $(ARGS)

lock: ## 依 pyproject.toml 更新 requirements.lock
	@scripts/environment uv pip compile --quiet --python "$$(scripts/environment python 3.10)" --generate-hashes --python-version 3.10 \
	  --extra bot --extra dev --no-header --no-annotate --no-emit-index-url pyproject.toml -o requirements.lock

clean: ## 删除环境、模型与缓存（对话记录保留）
	@rm -rf .venv build models results .rasa *.egg-info .pytest_cache .mypy_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- parts of the above ----
environment:
	@scripts/environment

data: environment
	@echo '== 检查对话数据 =='
	@$(call rasa,data validate --domain bot/domain --config bot/config.yml --data data/nlu data/stories --fail-on-warnings)
	@echo '训练数据没有错误。'

tests: train
	@echo '== 测试：服务、渠道、终端 =='
	@$(BIN)/python -m pytest tests/bot tests/console
	@echo '== 测试：其余的，同时在浏览器里测网页 =='
	@mkdir -p build; $(BIN)/python -m pytest -p no:cacheprovider tests/browser >build/browser.log 2>&1 & browser=$$!; \
	  $(BIN)/python -m pytest tests --ignore tests/bot --ignore tests/browser --ignore tests/console; rest=$$?; \
	  wait $$browser; pages=$$?; echo '== 网页测试 =='; cat build/browser.log; exit $$((rest + pages))

stories: train
	@echo '== 对话故事 =='
	@$(call rasa,test core --model $(MODEL) --stories $(STORIES) --out build/stories --no-plot --fail-on-prediction-errors)
	@echo '每个故事都按预期走完。'
