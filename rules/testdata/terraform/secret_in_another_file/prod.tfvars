database_password = "w9Kx-hunter2"
