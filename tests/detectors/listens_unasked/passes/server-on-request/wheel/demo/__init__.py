from flask import Flask

app = Flask(__name__)


def serve():
    app.run(host="127.0.0.1")


if __name__ == "__main__":
    serve()
