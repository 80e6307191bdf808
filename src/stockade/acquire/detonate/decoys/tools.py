"""What tools of developers keep in a home, and in variables. No host of it exists."""

from __future__ import annotations

import base64
import json

from stockade.acquire.detonate.decoys.laid import Laying
from stockade.acquire.detonate.decoys.maker import ALNUM, BASE64, DIGITS, HEX

_GITHUB = ("github.com", ".github.com")


def tools(laying: Laying) -> None:
    """ssh, kubectl, docker, git, installers, a project's own settings, the shell."""
    for one in (_ssh, _clusters, _logins, _publishing, _project, _shell, _services):
        one(laying)


def _ssh(laying: Laying) -> None:
    make = laying.make
    key, line, public = make.ssh("lena@ws-lena")
    laying.file("~/.ssh/id_ed25519", key, (line, "ssh key"))
    laying.file("~/.ssh/id_ed25519.pub", public)
    old, middle = make.pem("RSA PRIVATE KEY")
    laying.file("~/.ssh/id_rsa", old, (middle, "ssh key (RSA)"))
    laying.file(
        "~/.ssh/config",
        "Host build\n    HostName build.corp.invalid\n    User lena\n    IdentityFile ~/.ssh/id_rsa\n",
    )
    host = base64.b64encode(b"\0\0\0\x0bssh-ed25519\0\0\0 " + make.raw(32)).decode()
    laying.file("~/.ssh/known_hosts", f"build.corp.invalid ssh-ed25519 {host}\n")


def _clusters(laying: Laying) -> None:
    make = laying.make
    token, signature = make.jwt(
        {"iss": "kubernetes/serviceaccount", "sub": "system:serviceaccount:prod:deploy"}
    )
    authority, _ = make.pem("CERTIFICATE", 800)
    key, _ = make.pem("EC PRIVATE KEY", 121)
    packed = base64.b64encode(key.encode()).decode()
    config = (
        "apiVersion: v1\nkind: Config\ncurrent-context: prod\nclusters:\n- name: prod\n  cluster:\n"
        f"    certificate-authority-data: {base64.b64encode(authority.encode()).decode()}\n"
        "    server: https://k8s.corp.invalid:6443\ncontexts:\n- name: prod\n"
        "  context: {cluster: prod, user: deploy}\nusers:\n- name: deploy\n  user:\n"
        f"    token: {token}\n- name: admin\n  user:\n    client-key-data: {packed}\n"
    )
    laying.file("~/.kube/config", config, (signature, "Kubernetes token"), meant=("k8s.corp.invalid",))
    laying.decoy(packed[60:124], "~/.kube/config", "Kubernetes client key")
    word = make.text(24)
    login = base64.b64encode(f"lena:{word}".encode()).decode()
    docker = {"auths": {"images.corp.invalid": {"auth": login}}}
    meant = ("images.corp.invalid",)
    laying.file(
        "~/.docker/config.json", json.dumps(docker, indent="\t"), (login, "docker login"), meant=meant
    )
    # Whoever takes the base64 apart holds this.
    laying.decoy(word, "~/.docker/config.json", "docker password", *meant)


def _logins(laying: Laying) -> None:
    make = laying.make
    netrc, git, token = make.text(22), make.github(), make.github()
    laying.file(
        "~/.netrc",
        f"machine artifacts.corp.invalid\n  login lena\n  password {netrc}\n",
        (netrc, ".netrc password"),
        meant=("artifacts.corp.invalid",),
    )
    laying.file(
        "~/.git-credentials", f"https://lena:{git}@github.com\n", (git, "git password"), meant=_GITHUB
    )
    laying.file(
        "~/.gitconfig", "[user]\n\tname = Lena\n\temail = lena@corp.invalid\n[credential]\n\thelper = store\n"
    )
    hosts = f"github.com:\n    user: lena\n    oauth_token: {token}\n    git_protocol: https\n"
    laying.file("~/.config/gh/hosts.yml", hosts, (token, "GitHub token"), meant=_GITHUB)
    laying.variable("GITHUB_TOKEN", make.github(), "GitHub token", *_GITHUB)


def _publishing(laying: Laying) -> None:
    make = laying.make
    upload, npm = f"pypi-AgEI{make.text(160, ALNUM + '-_')}", f"npm_{make.text(36)}"
    host = "packages.corp.invalid"
    laying.file(
        "~/.pypirc",
        f"[distutils]\nindex-servers = corp\n\n[corp]\nrepository = https://{host}/legacy/\n"
        f"username = __token__\npassword = {upload}\n",
        (upload[40:120], "upload token"),
        meant=(host,),
    )
    laying.file(
        "~/.npmrc",
        f"registry=https://{host}/npm/\n//{host}/npm/:_authToken={npm}\n",
        (npm, "npm token"),
        meant=(host,),
    )


def _project(laying: Laying) -> None:
    make = laying.make
    data, pay, sign = make.text(24), f"sk_live_{make.text(24)}", make.text(64, HEX)
    laying.file(
        "~/project/.env",
        f"DATABASE_URL=postgresql://app:{data}@db.corp.invalid:5432/app\nSTRIPE_SECRET_KEY={pay}\nSECRET_KEY={sign}\n",
    )
    laying.decoy(data, "~/project/.env", "database password", "db.corp.invalid")
    laying.decoy(pay, "~/project/.env", "payment key", ".stripe.com")
    laying.decoy(sign, "~/project/.env", "signing key")
    laying.file(
        "~/.pgpass", f"db.corp.invalid:5432:*:app:{(word := make.text(20))}\n", (word, "database password")
    )
    words = f"[client]\nuser=lena\npassword={(word := make.text(20))}\n"
    laying.file("~/.my.cnf", words, (word, "database password"))


def _shell(laying: Laying) -> None:
    make = laying.make
    first, second = make.text(26), make.text(20)
    laying.file(
        "~/.bash_history",
        "ls\ncd project\ngit pull\n"
        f"curl -H 'X-Api-Key: {first}' https://api.corp.invalid/v1/jobs\n"
        f"mysql -h db.corp.invalid -u app -p{second} app\npython app.py\n",
        (first, "key in the shell's history"),
        (second, "password in the shell's history"),
    )
    laying.file("~/.bashrc", "# ~/.bashrc\nalias ll='ls -l'\nexport EDITOR=vim\n")
    laying.file("~/.profile", '[ -f "$HOME/.bashrc" ] && . "$HOME/.bashrc"\n')
    laying.file("~/.zshrc", "export EDITOR=vim\n")
    laying.file("~/.python_history", "import app\napp.main()\n")


def _services(laying: Laying) -> None:
    make = laying.make
    openai = f"sk-proj-{make.text(74, ALNUM + '-_')}T3BlbkFJ{make.text(74, ALNUM + '-_')}"
    laying.variable("OPENAI_API_KEY", openai, "OpenAI key", "api.openai.com")
    claude = f"sk-ant-api03-{make.text(93, ALNUM + '-_')}AA"
    laying.variable("ANTHROPIC_API_KEY", claude, "Anthropic key", "api.anthropic.com")
    slack = f"xoxb-{make.text(12, DIGITS)}-{make.text(13, DIGITS)}-{make.text(24)}"
    laying.variable("SLACK_BOT_TOKEN", slack, "Slack token", "slack.com", ".slack.com")
    laying.variable("DATABASE_PASSWORD", make.text(24, BASE64), "database password")
