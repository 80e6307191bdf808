WHERE = "https://0000-0-0-0-0.ngrok-free.app/log"
